// The projector: fills the screen and hands the keys of a clicker to the buttons of the slide.

const BUTTONS = { PageDown: "slide_next", PageUp: "slide_back" };

/** Whether a key belongs to what has the focus: a field, a slider, a list. */
function typed(event) {
  const [place] = event.composedPath();
  return place instanceof HTMLElement && (place.isContentEditable || place.matches("input, textarea, select"));
}

function press(name) {
  document.querySelector(`.st-key-${name} button:not(:disabled)`)?.click();
}

function toggle() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen().catch(() => {});
}

export default function ({ data, parentElement }) {
  const button = parentElement.querySelector(".full");
  const said = parentElement.querySelector(".said");
  const label = () => (button.textContent = document.fullscreenElement ? data.leave : data.full);
  const key = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typed(event)) return;
    if (BUTTONS[event.key]) event.preventDefault();
    if (BUTTONS[event.key]) press(BUTTONS[event.key]);
    else if (event.key === "f" && document.fullscreenEnabled) toggle();
  };
  button.hidden = !document.fullscreenEnabled;
  button.onclick = toggle;
  label();
  if (said.textContent !== data.said) said.textContent = data.said;
  document.addEventListener("keydown", key);
  document.addEventListener("fullscreenchange", label);
  return () => {
    document.removeEventListener("keydown", key);
    document.removeEventListener("fullscreenchange", label);
  };
}
