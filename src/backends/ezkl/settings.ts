/** What EZKL decided about a circuit: the parts of its settings that are read here. */
export interface EzklSettings {
  readonly logRows: number;
  readonly numRows: number;
  readonly assignments: number;
  readonly inputScales: readonly number[];
  readonly outputScales: readonly number[];
  /** Elements of each public tensor that is an output. */
  readonly outputSizes: readonly number[];
}

interface SettingsJson {
  readonly run_args: { readonly logrows: number };
  readonly num_rows: number;
  readonly total_assignments: number;
  readonly model_instance_shapes: readonly (readonly number[])[];
  readonly model_input_scales: readonly number[];
  readonly model_output_scales: readonly number[];
}

export function readSettings(bytes: Uint8Array): EzklSettings {
  const json = JSON.parse(new TextDecoder().decode(bytes)) as SettingsJson;
  const shapes = json.model_instance_shapes.slice(-json.model_output_scales.length);
  return {
    logRows: json.run_args.logrows,
    numRows: json.num_rows,
    assignments: json.total_assignments,
    inputScales: json.model_input_scales,
    outputScales: json.model_output_scales,
    outputSizes: shapes.map((shape) => shape.reduce((product, length) => product * length, 1)),
  };
}
