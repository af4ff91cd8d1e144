/** Distributions that a parameter's values are drawn from. */

import type { Space } from "../../../graph/control.ts";
import type { InputPort, Scalar } from "../../../graph/types.ts";

export type SpaceType = Space["type"];

export const SPACES: readonly (readonly [SpaceType, string])[] = [
  ["choice", "one of"],
  ["uniform", "between"],
  ["loguniform", "between, by magnitude"],
  ["quniform", "between, in steps"],
  ["qloguniform", "by magnitude, in steps"],
  ["normal", "normal"],
  ["lognormal", "log-normal"],
  ["qnormal", "normal, in steps"],
  ["qlognormal", "log-normal, in steps"],
  ["randint", "whole number below"],
];

/** What suits a parameter to begin with, around the value that it has. */
export function spaceFor(port: InputPort, value: Scalar | null): Space {
  if (port.enum && port.enum.length > 0) return { type: "choice", values: [...port.enum] };
  if (port.type === "boolean") return { type: "choice", values: [true, false] };
  if (port.type === "string") return { type: "choice", values: value === null ? [] : [value] };
  const number = typeof value === "number" ? value : 1;
  const low = port.min ?? number / 2;
  const high = port.max ?? number * 2;
  if (port.type === "integer")
    return { type: "quniform", min_value: Math.floor(low), max_value: Math.ceil(high), q: 1 };
  return { type: "uniform", min_value: low, max_value: high };
}

const isLog = (type: SpaceType): boolean => type === "loguniform" || type === "qloguniform";

/** The bounds as people know them: a logarithmic space keeps exponents. */
export function boundsOf(space: Space): [number, number] | null {
  if (!("min_value" in space)) return null;
  const shown = (value: number) => (isLog(space.type) ? Number(Math.exp(value).toPrecision(6)) : value);
  return [shown(space.min_value), shown(space.max_value)];
}

export function withBounds(space: Space, low: number, high: number): Space {
  if (!("min_value" in space)) return space;
  const kept = (value: number) => (isLog(space.type) ? Math.log(Math.max(value, 1e-300)) : value);
  return { ...space, min_value: kept(low), max_value: kept(high) };
}

/** The same parameter with another distribution, with as much kept as has a meaning there. */
export function turned(space: Space, type: SpaceType, port: InputPort | undefined): Space {
  const [low, high] = boundsOf(space) ?? ["upper" in space ? 0 : 0, "upper" in space ? space.upper : 1];
  const q = "q" in space ? space.q : 1;
  const mu = "mu" in space ? space.mu : (low + high) / 2;
  const sigma = "sigma" in space ? space.sigma : Math.max((high - low) / 4, 1e-9);
  switch (type) {
    case "choice": {
      const values = "values" in space ? space.values : port?.enum ? [...port.enum] : [low, high];
      return { type, values };
    }
    case "uniform":
      return { type, min_value: low, max_value: high };
    case "quniform":
      return { type, min_value: low, max_value: high, q };
    case "loguniform":
      return withBounds({ type, min_value: 0, max_value: 0 }, low > 0 ? low : high / 1000, high);
    case "qloguniform":
      return withBounds({ type, min_value: 0, max_value: 0, q }, low > 0 ? low : high / 1000, high);
    case "normal":
    case "lognormal":
      return { type, mu, sigma };
    case "qnormal":
    case "qlognormal":
      return { type, mu, sigma, q };
    case "randint":
      return { type, upper: Math.max(1, Math.round(high)) };
  }
}
