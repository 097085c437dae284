/**
 * What a thread that runs commands runs first. It is CommonJS because on Node 20 a thread that is ended while it `require`s an ES module takes the whole process down with it; `import()` ends quietly.
 */
void import('./command-thread.js');
