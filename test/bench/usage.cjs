/** Loaded into each process that is measured: writes what it used to the file that BENCH_USAGE names, when it ends. */
const { readFileSync, writeFileSync } = require('node:fs');

const file = process.env.BENCH_USAGE;
delete process.env.BENCH_USAGE;
process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  writeFileSync(file, JSON.stringify({ cpuMs: (userCPUTime + systemCPUTime) / 1000, peakKib: peak() ?? maxRSS }));
});

/** The most memory that was held: Linux counts in maxRSS what the parent held too. */
function peak() {
  try {
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
  } catch {
    return null;
  }
}
