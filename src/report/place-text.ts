import { type Finding, pathText } from '../base/finding.ts';
import { printable } from './style.ts';

type Place = Pick<Finding, 'span' | 'file' | 'path'>;

/** `fleet.yaml:3:4`; without a span `plan.json: azurerm_subnet.nodes`, or the path alone. */
export function placeText({ span, file, path }: Place): string {
  if (span !== undefined) return printable(`${span.file}:${span.start.line}:${span.start.column}`);
  if (file === undefined) return printable(pathText(path));
  return printable(path.length === 0 ? file : `${file}: ${pathText(path)}`);
}
