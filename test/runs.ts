/**
 * How often a property is tried. `npm test` has five minutes for all of them; `PROPERTY_RUNS=10` tries each ten times as
 * often, as CI does at night.
 */
export function runs(usual: number): { numRuns: number } {
  return { numRuns: Math.ceil(usual * Number(process.env.PROPERTY_RUNS ?? 1)) };
}
