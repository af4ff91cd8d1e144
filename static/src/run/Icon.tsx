/** One icon of the shared sprite (`icons.json`). Only ever beside text or on a control that has a name of its own. */
export function Icon({ name }: { name: string }) {
  return (
    <svg className="icon" aria-hidden="true">
      <use href={`/static/icons.svg#${name}`} />
    </svg>
  );
}
