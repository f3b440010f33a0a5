// The menu leads to a bare address, and the page then writes its link. Both would be steps of the
// browser's history, so Back would need two presses and the first would do nothing. Now and then
// the link comes first: it is then written under the page that is left, and the menu takes it on.
const isLink = (address) => address.searchParams.has("v");

let waits = !isLink(new URL(location.href)); // for the first link of the page that is open
let added = null; // the link that was written last, under the page that was open then

function pushLink(push, state, title, url) {
  const [here, there] = [new URL(location.href), new URL(url ?? "", location.href)];
  const stays = here.pathname === there.pathname;
  const fills = isLink(there) && (stays ? waits : there.search === added);
  waits = !isLink(there);
  added = stays && !fills ? there.search : null;
  return fills ? history.replaceState(state, title, url) : push(state, title, url);
}

export default function () {
  if (history.fillsLinks) return;
  const push = history.pushState.bind(history);
  history.pushState = (...step) => pushLink(push, ...step);
  window.addEventListener("popstate", () => {
    [waits, added] = [!isLink(new URL(location.href)), null];
  });
  history.fillsLinks = true;
}
