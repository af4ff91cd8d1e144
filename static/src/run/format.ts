/** Numbers and sizes as people read them. */

const GROUP = "\u202f"; // narrow no-break space

const grouped = (digits: string) => digits.replace(/\B(?=(\d{3})+(?!\d))/g, GROUP);

export function formatCount(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  return (value < 0 ? "−" : "") + grouped(String(Math.abs(Math.round(value))));
}

/** Four significant digits, never an exponent for everyday sizes: `0.9737`, `12.3`, `1 204.5`, `3.2e−9`. */
export function formatNumber(value: number, digits = 4): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value < 0 ? "−∞" : "∞";
  if (value === 0) return "0";
  const sign = value < 0 ? "−" : "";
  const size = Math.abs(value);
  if (size < 1e-4 || size >= 1e15) {
    const [mantissa = "", exponent = ""] = size.toExponential(2).split("e");
    const trimmed = mantissa.replace(/\.?0+$/, "");
    return `${sign}${trimmed}e${exponent.replace("+", "").replace("-", "−")}`;
  }
  if (Number.isInteger(size)) return sign + grouped(String(size));
  const whole = Math.floor(Math.log10(size)) + 1;
  const decimals = size >= 1000 ? 1 : Math.max(0, digits - whole);
  const [integer = "0", fraction = ""] = size.toFixed(Math.min(20, decimals)).split(".");
  const kept = fraction.replace(/0+$/, "");
  return sign + grouped(integer) + (kept ? `.${kept}` : "");
}

const UNITS = ["B", "KB", "MB", "GB", "TB", "PB"];

export function formatBytes(bytes: number | null | undefined): string {
  if (bytes === null || bytes === undefined || !Number.isFinite(bytes) || bytes < 0) return "–";
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const text = unit === 0 ? String(Math.round(value)) : value >= 99.95 ? value.toFixed(0) : value.toFixed(1);
  return `${text.replace(/\.0$/, "")} ${UNITS[unit] ?? "B"}`;
}

/** A share of a whole; what is not nothing never reads as 0 %. */
export function formatPercent(share: number): string {
  if (!Number.isFinite(share)) return "–";
  if (share <= 0) return "0%";
  if (share >= 1) return "100%";
  if (share < 0.001) return "<0.1%";
  if (share > 0.999) return ">99.9%";
  return share < 0.1 ? `${(share * 100).toFixed(1).replace(/\.0$/, "")}%` : `${Math.round(share * 100)}%`;
}

/** A local date and time to the second, the same in every place of the panel. */
export function formatMoment(iso: string | null | undefined): string {
  if (!iso) return "–";
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return "–";
  const two = (n: number) => String(n).padStart(2, "0");
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day} ${formatClock(iso).slice(0, 8)}`;
}

/** Time of day with milliseconds, for log lines. */
export function formatClock(iso: string): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return "";
  const two = (n: number) => String(n).padStart(2, "0");
  const ms = String(at.getMilliseconds()).padStart(3, "0");
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${ms}`;
}

/** One cell or value as short text; text in quotes only where it stands among other kinds. */
export function formatValue(value: unknown): string {
  if (value === null || value === undefined) return "–";
  if (typeof value === "number") return formatNumber(value, 6);
  if (typeof value === "string") return value;
  if (typeof value === "boolean" || typeof value === "bigint") return String(value);
  return JSON.stringify(value);
}

/** The values of one column: numbers with as many decimals as the others, so that their points stand under each other; null where a value is missing. */
export function columnTexts(values: unknown[]): (string | null)[] {
  const texts = values.map((value) => (value === null || value === undefined ? null : formatValue(value)));
  const decimals = texts.map((text, i) =>
    typeof values[i] === "number" && text !== null && /^[−\d\u202f]+\.\d+$/.test(text)
      ? text.length - text.indexOf(".") - 1
      : 0,
  );
  const most = Math.min(4, Math.max(0, ...decimals));
  if (most === 0) return texts;
  return texts.map((text, i) => {
    if (text === null || typeof values[i] !== "number" || !/^[−\d\u202f.]+$/.test(text)) return text;
    const [whole = "", fraction = ""] = text.split(".");
    return fraction.length > most
      ? formatValue(Number(values[i].toFixed(most)))
      : `${whole}.${fraction.padEnd(most, "0")}`;
  });
}
