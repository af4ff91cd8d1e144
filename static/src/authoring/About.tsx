import type { Boot, Details } from "./types.ts";

interface Props {
  boot: Boot;
  details: Details;
  onChange: (details: Details) => void;
}

/** What is said of the component beside its code. */
export function About({ boot, details, onChange }: Props) {
  const set = (change: Partial<Details>) => onChange({ ...details, ...change });
  const environment = details.environment || "azureml:portline-default@latest";
  const known = boot.environments.includes(environment)
    ? boot.environments
    : [environment, ...boot.environments];
  return (
    <section className="authoring__about" aria-label="About">
      <label className="field">
        Title
        <input
          className="input"
          value={details.title}
          maxLength={255}
          onChange={(e) => set({ title: e.target.value })}
        />
      </label>
      <label className="field">
        Name
        <input
          className="input mono"
          value={details.name}
          maxLength={255}
          spellCheck={false}
          onChange={(e) => set({ name: e.target.value })}
        />
      </label>
      <label className="field is-wide">
        Description
        <textarea
          className="input"
          rows={2}
          value={details.description}
          placeholder="From the docstring, unless you write one here"
          onChange={(e) => set({ description: e.target.value })}
        />
      </label>
      <label className="field">
        Category
        <input
          className="input"
          list="categories"
          value={details.category}
          maxLength={100}
          onChange={(e) => set({ category: e.target.value })}
        />
        <datalist id="categories">
          {boot.categories.map((each) => (
            <option key={each} value={each} />
          ))}
        </datalist>
      </label>
      <label className="field">
        Environment
        <select className="input" value={environment} onChange={(e) => set({ environment: e.target.value })}>
          {known.map((each) => (
            <option key={each} value={each}>
              {each.replace(/^azureml:/, "").replace(/@latest$/, "")}
            </option>
          ))}
        </select>
      </label>
    </section>
  );
}
