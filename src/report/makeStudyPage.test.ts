import { describe, expect, it } from "vitest";
import { parseStudy, STUDY_FORMAT, STUDY_VERSION, type Study } from "../bench/studies/study.ts";
import { makeStudyPage } from "./makeStudyPage.ts";

const AXES = {
  x: { label: "zeros", unit: "share", scale: "linear" },
  y: { label: "time", unit: "ms", scale: "log" },
} as const;

const STUDY: Study = {
  ...{ format: STUDY_FORMAT, version: STUDY_VERSION, kind: "pruning", title: "Zeros & <costs>" },
  date: "2026-01-02T00:00:00Z",
  machine: { cpu: "a cpu", cores: 2, memoryBytes: 2 ** 33, system: "s", node: "v20", version: "0.1.0" },
  settings: { method: "magnitude" },
  findings: ["Half of the <weights> cost nothing."],
  tables: [
    {
      title: "Costs",
      note: "All counted.",
      columns: [{ name: "zeros", unit: "share" }, { name: "constraints", unit: "count" }, { name: "remark" }],
      rows: [
        [0.5, 363719, "theirs"],
        [0.5, null, "not counted: <reason>"],
      ],
      published: [0],
    },
  ],
  plots: [
    {
      ...{ id: "time", title: "Time", ...AXES },
      series: [
        {
          name: "native",
          points: [
            { x: 0, y: 10 },
            { x: 0.5, y: 5 },
          ],
          curve: [
            { x: 0, y: 10 },
            { x: 0.9, y: 2 },
          ],
          band: [
            { x: 0, low: 9, high: 11 },
            { x: 0.9, low: 1, high: 3 },
          ],
        },
        { name: "nothing", points: [] },
      ],
    },
  ],
};

describe("the page of a study", () => {
  const { html, pictures } = makeStudyPage(STUDY);

  it("holds findings, tables and pictures, and escapes what it is given", () => {
    expect(html).toContain("Half of the &lt;weights&gt; cost nothing.");
    expect(html).toContain("<title>Zeros &amp; &lt;costs&gt;</title>");
    expect(html).toContain('<tr class="elsewhere"><td>50.00 %</td><td>363,719</td><td>theirs</td></tr>');
    expect(html).toContain("<td>–</td><td>not counted: &lt;reason&gt;</td>");
    expect(html).not.toMatch(/https?:\/\/(?!www\.w3\.org)/);
  });

  it("draws points, a fitted curve and its band", () => {
    const svg = pictures.get("time") ?? "";
    expect(svg.match(/<circle/g)).toHaveLength(3);
    expect(svg).toContain("stroke-dasharray");
    expect(svg).toContain('fill-opacity="0.15"');
  });

  it("is made from the file alone", () => {
    const again = parseStudy(JSON.stringify(STUDY), "results.json");
    expect(again === null ? null : makeStudyPage(again).html).toBe(html);
  });
});

describe("parseStudy", () => {
  it("leaves other files to others", () => {
    expect(parseStudy("{", "f")).toBeNull();
    expect(parseStudy('{"format":"tensorproof-results"}', "f")).toBeNull();
  });

  it.each([
    [{ version: 99 }, "results.version"],
    [{ tables: undefined }, "results.invalid"],
    [{ tables: [{ title: "t", columns: [], rows: [[1]] }] }, "results.invalid"],
    [{ plots: [{ ...STUDY.plots[0], id: "../up" }] }, "results.invalid"],
    [
      { plots: [{ ...STUDY.plots[0], series: [{ name: "a", points: [{ x: "1", y: 2 }] }] }] },
      "results.invalid",
    ],
    [{ machine: undefined }, "results.invalid"],
    [{ findings: [1] }, "results.invalid"],
  ])("refuses %j", (change, code) => {
    expect(() => parseStudy(JSON.stringify({ ...STUDY, ...change }), "f")).toThrow(
      expect.objectContaining({ code }),
    );
  });
});
