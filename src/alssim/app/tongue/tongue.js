// Tells the browser in which language the page is; without this it is English again.
export default function ({ data }) {
  document.documentElement.lang = data.language;
  return () => {
    document.documentElement.lang = "en";
  };
}
