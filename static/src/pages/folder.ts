import { type Entry, zip } from "./zip";

interface Found {
  path: string;
  file: File;
}

/** What no component needs; the server ignores it too. */
const IGNORED = /(^|\/)(\.git|__pycache__|\.venv|node_modules|\.ipynb_checkpoints|\.DS_Store)(\/|$)/;

/** The files of `<input webkitdirectory>` as one zip. */
export function zipOfFiles(files: readonly File[]): Promise<File> {
  return pack(files.map((file) => ({ path: file.webkitRelativePath || file.name, file })));
}

/** What was dropped: a file as it is, a folder (or several things) as one zip. */
export async function dropped(transfer: DataTransfer): Promise<File | null> {
  const entries = [...transfer.items]
    .map((item) => item.webkitGetAsEntry())
    .filter((entry) => entry !== null);
  const [first] = transfer.files;
  if (entries.length === 1 && entries[0]?.isFile) return first ?? null;
  if (entries.length === 0) return first ?? null;
  const found = (await Promise.all(entries.map(walk))).flat();
  return pack(found);
}

async function pack(found: readonly Found[]): Promise<File> {
  const wanted = found.filter(({ path }) => !IGNORED.test(path));
  const entries: Entry[] = await Promise.all(
    wanted.map(async ({ path, file }) => ({ path, content: new Uint8Array(await file.arrayBuffer()) })),
  );
  const name = wanted[0]?.path.split("/")[0] ?? "upload";
  return new File([zip(entries)], `${name}.zip`, { type: "application/zip" });
}

async function walk(entry: FileSystemEntry): Promise<Found[]> {
  if (IGNORED.test(entry.fullPath)) return [];
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    );
    return [{ path: entry.fullPath.replace(/^\//, ""), file }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: Found[] = [];
  for (;;) {
    // A reader gives a hundred entries at a time.
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (batch.length === 0) return found;
    found.push(...(await Promise.all(batch.map(walk))).flat());
  }
}
