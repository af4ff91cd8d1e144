import { describe, expect, it } from "vitest";

import { search } from "./fuzzy.ts";

const items = [
  ["Split data", "split_data", "rows at random"],
  ["Sort rows", "sort_rows", "order by column"],
  ["Train random forest", "train_random_forest", "many trees"],
];
const find = (query: string) => search(query, items, (item) => item).map(([title]) => title);

describe("search", () => {
  it("puts the beginning of a title first", () => expect(find("so")[0]).toBe("Sort rows"));
  it("looks at the description too", () => expect(find("trees")).toEqual(["Train random forest"]));
  it("wants every word", () => expect(find("random forest")).toEqual(["Train random forest"]));
  it("forgives left out letters", () => expect(find("splt")).toEqual(["Split data"]));
  it("finds nothing for nonsense", () => expect(find("xyzzy")).toEqual([]));
  it("gives everything for nothing", () => expect(find("")).toHaveLength(3));
});
