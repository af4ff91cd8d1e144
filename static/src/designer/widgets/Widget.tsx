import type { InputPort, Scalar } from "../../graph/types.ts";
import { ChoiceWidget, SwitchWidget } from "./ChoiceWidget.tsx";
import { CodeWidget } from "./CodeWidget.tsx";
import { ColumnWidget, ColumnsWidget } from "./ColumnWidget.tsx";
import { NumberWidget } from "./NumberWidget.tsx";
import { TextWidget } from "./TextWidget.tsx";

export interface WidgetProps {
  id: string;
  /** The node whose parameter this is; "" for one of the pipeline. */
  node: string;
  port: InputPort;
  /** What is set, or null where the default holds. */
  value: Scalar | null;
  describedBy: string | undefined;
  invalid: boolean;
  disabled: boolean;
  /** `typing` marks a commit within typing: those in quick succession are one undo step. */
  onCommit: (value: Scalar | null, typing?: boolean) => void;
}

/** The control that fits a parameter. */
export function Widget(props: WidgetProps) {
  const { port } = props;
  if (port.enum && port.enum.length > 0) return <ChoiceWidget {...props} />;
  if (port.type === "boolean") return <SwitchWidget {...props} />;
  if (port.type === "integer" || port.type === "number") return <NumberWidget {...props} />;
  if (port.widget === "code") return <CodeWidget {...props} />;
  if (port.widget === "column") return <ColumnWidget {...props} />;
  if (port.widget === "columns") return <ColumnsWidget {...props} />;
  return <TextWidget {...props} />;
}
