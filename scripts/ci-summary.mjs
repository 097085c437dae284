// Minutes per suite and the closing line of a CI run.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { relative } from 'node:path';

const [results = '', install = '0', tests = '0', check = '0', ran = '0', ...statuses] = process.argv.slice(2);
const minutes = seconds => `${(seconds / 60).toFixed(1)} min`;

/** Suites by folder of tests/; what is not named here is research core. */
const SUITES = {
  sim: 'venue',
  portfolio: 'venue',
  costs: 'venue',
  market: 'venue',
  execution: 'venue',
  scenarios: 'venue',
  live: 'live',
  practice: 'live',
  risk: 'live',
  models: 'forecasts',
  features: 'forecasts',
  reports: 'reports',
  commands: 'command line',
  experiments: 'experiments',
  cluster: 'cluster',
  dashboard: 'dashboard',
  notebooks: 'notebooks',
  door: 'door',
  bench: 'ratio guard',
};

let passed = 0;
let failed = 0;
let skipped = 0;
const spent = new Map();
const secondTry = [];
if (existsSync(results) && statSync(results).size > 0) {
  const report = JSON.parse(readFileSync(results, 'utf8'));
  passed = report.numPassedTests;
  failed = report.numFailedTests;
  skipped = report.numPendingTests;
  for (const file of report.testResults) {
    const suite = SUITES[relative('tests', file.name).split('/')[0]] ?? 'research core';
    spent.set(suite, (spent.get(suite) ?? 0) + (file.endTime - file.startTime) / 1000);
    for (const { status, fullName, failureMessages } of file.assertionResults)
      if (status === 'passed' && failureMessages.length > 0)
        secondTry.push(`  ${relative('.', file.name)}: ${fullName}\n    ${failureMessages[0].split('\n')[0]}`);
    // A file that could not be loaded has no tests to count.
    if (file.status === 'failed' && file.assertionResults.length === 0) failed++;
  }
} else failed++;
// An error outside of any test, such as a rejection that nobody heard.
if (ran !== '0' && failed === 0) failed++;
for (const status of statuses) {
  if (status === '0') passed++;
  else failed++;
}

console.log(`\ninstall ${minutes(Number(install))} · tests ${minutes(Number(tests))} · checks and fingerprints ${minutes(Number(check))}`);
for (const [suite, seconds] of [...spent].sort()) console.log(`  ${suite.padEnd(14)} ${minutes(seconds)} of test time`);
if (secondTry.length > 0) console.log(`passed on the second try, to be looked into:\n${secondTry.join('\n')}`);
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
