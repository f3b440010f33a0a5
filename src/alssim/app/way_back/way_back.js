// The menu leads to a bare address, or to one that still holds the link of the page that was left.
// The page then writes its own link. Both would be steps of the browser's history, so Back would
// need two presses and the first would do nothing.
const isLink = (address) => address.searchParams.has("v");

let waits = !isLink(new URL(location.href)); // for the first link of the page that is open

function pushLink(push, state, title, url) {
  const [here, there] = [new URL(location.href), new URL(url ?? "", location.href)];
  const stays = here.pathname === there.pathname;
  if (stays && waits && isLink(there)) {
    waits = false;
    return history.replaceState(state, title, url);
  }
  if (!stays) waits = !isLink(there) || here.search === there.search;
  return push(state, title, url);
}

export default function () {
  if (history.fillsLinks) return;
  const push = history.pushState.bind(history);
  history.pushState = (...step) => pushLink(push, ...step);
  window.addEventListener("popstate", () => {
    waits = !isLink(new URL(location.href));
  });
  history.fillsLinks = true;
}
