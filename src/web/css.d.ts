/** Style sheets are imported as text, which the build has minified. */
declare module "*.css" {
  const css: string;
  export default css;
}
