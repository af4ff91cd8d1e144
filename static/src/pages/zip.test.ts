import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, it } from "vitest";

import { zip } from "./zip";

const text = (content: string) => new TextEncoder().encode(content);

it("makes a zip that Python reads and finds sound", async () => {
  const made = zip([
    { path: "step/component.yml", content: text("name: step\n") },
    { path: "step/src/größe.py", content: text("print('ü')\n") },
    { path: "step/empty", content: text("") },
  ]);
  const path = join(mkdtempSync(join(tmpdir(), "zip-")), "made.zip");
  writeFileSync(path, new Uint8Array(await made.arrayBuffer()));
  const script = `
import json, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as archive:
    assert archive.testzip() is None
    print(json.dumps({name: archive.read(name).decode() for name in archive.namelist()}))
`;
  const read: unknown = JSON.parse(execFileSync("python3", ["-c", script, path], { encoding: "utf8" }));
  expect(read).toEqual({
    "step/component.yml": "name: step\n",
    "step/src/größe.py": "print('ü')\n",
    "step/empty": "",
  });
});
