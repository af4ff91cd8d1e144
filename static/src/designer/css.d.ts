import "react";

declare module "react" {
  // Custom properties carry hues and amounts from data to the stylesheet.
  interface CSSProperties {
    [property: `--${string}`]: string | number | undefined;
  }
}
