import { type Entry, zip } from "./zip";

interface Found {
  path: string;
  file: File;
}

/** What no component needs; the server ignores it too. */
const IGNORED = /(^|\/)(\.git|__pycache__|\.venv|node_modules|\.ipynb_checkpoints|\.DS_Store)(\/|$)/;

/** One upload: a file as it is, or a folder packed as a zip. */
export interface Parcel {
  file: File;
  folder: boolean;
}

/** The files of `<input webkitdirectory>` as one zip. */
export async function chosenFolder(files: readonly File[]): Promise<Parcel> {
  const found = files.map((file) => ({ path: file.webkitRelativePath || file.name, file }));
  return { file: await pack(found), folder: true };
}

/** What was dropped: each thing by itself, or all of it `together` as one zip. */
export async function dropped(transfer: DataTransfer, together: boolean): Promise<Parcel[]> {
  // Both lists are empty after the first await.
  const files = [...transfer.files];
  const entries = [...transfer.items]
    .map((item) => item.webkitGetAsEntry())
    .filter((entry) => entry !== null);
  if (entries.every((entry) => entry.isFile) && (!together || files.length === 1)) {
    return files.map((file) => ({ file, folder: false }));
  }
  if (together) return [{ file: await pack((await Promise.all(entries.map(walk))).flat()), folder: true }];
  return Promise.all(
    entries.map(async (entry) => {
      const found = await walk(entry);
      if (entry.isFile) return { file: found[0]!.file, folder: false };
      return { file: await pack(found), folder: true };
    }),
  );
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
