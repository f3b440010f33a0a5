// The menu leads to a bare address, and the page then writes its link. Both would be steps of the
// browser's history, so Back would need two presses and the first would do nothing.
const isLink = (address) => address.searchParams.has("v");

function pushLink(push, state, title, url) {
  const [here, there] = [new URL(location.href), new URL(url ?? "", location.href)];
  const fills = here.pathname === there.pathname && !isLink(here) && isLink(there);
  return fills ? history.replaceState(state, title, url) : push(state, title, url);
}

export default function () {
  if (history.fillsLinks) return;
  const push = history.pushState.bind(history);
  history.pushState = (...step) => pushLink(push, ...step);
  history.fillsLinks = true;
}
