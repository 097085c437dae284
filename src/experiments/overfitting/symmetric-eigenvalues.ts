/** Householder reflections from the last row up: diagonal and subdiagonal (first entry 0) of a tridiagonal matrix with the same eigenvalues. */
const tridiagonal = (matrix: Float64Array, n: number): { readonly diagonal: Float64Array; readonly below: Float64Array } => {
  const a = Float64Array.from(matrix);
  const diagonal = new Float64Array(n);
  const below = new Float64Array(n);
  const v = new Float64Array(n);
  const p = new Float64Array(n);
  for (let i = n - 1; i > 0; i--) {
    const row = i * n;
    diagonal[i] = a[row + i]!;
    let squares = 0;
    for (let k = 0; k < i - 1; k++) squares += a[row + k]! * a[row + k]!;
    const last = a[row + i - 1]!;
    if (squares === 0) {
      below[i] = last;
      continue;
    }
    const length = Math.sqrt(squares + last * last);
    const pivot = last >= 0 ? length : -length;
    below[i] = -pivot;
    for (let k = 0; k < i; k++) v[k] = a[row + k]!;
    v[i - 1] = last + pivot;
    const half = length * (length + Math.abs(last));
    let along = 0;
    for (let j = 0; j < i; j++) {
      let dot = 0;
      for (let k = 0; k < i; k++) dot += a[j * n + k]! * v[k]!;
      p[j] = dot / half;
      along += p[j]! * v[j]!;
    }
    const shift = along / (2 * half);
    for (let j = 0; j < i; j++) p[j]! -= shift * v[j]!;
    for (let j = 0; j < i; j++) {
      const [vj, pj] = [v[j]!, p[j]!];
      for (let k = 0; k < i; k++) a[j * n + k]! -= vj * p[k]! + pj * v[k]!;
    }
  }
  diagonal[0] = a[0]!;
  return { diagonal, below };
};

/** Most sweeps for one eigenvalue; three or so are usual. */
const SWEEPS = 60;

/**
 * Eigenvalues of a symmetric matrix (row-major, n × n), ascending; NaN entries give NaN. Householder's reduction and the QL method with implicit
 * shifts, 4/3 n³ multiplications. Source: Golub & Van Loan, Matrix Computations (2013), algorithms 8.3.1 and 8.3.3.
 */
export const symmetricEigenvalues = (matrix: Float64Array, n: number): Float64Array => {
  if (n === 0) return new Float64Array(0);
  const { diagonal: d, below } = tridiagonal(matrix, n);
  const e = new Float64Array(n);
  e.set(below.subarray(1));
  for (let low = 0; low < n; low++) {
    for (let sweep = 0; sweep < SWEEPS; sweep++) {
      let m = low;
      while (m < n - 1 && Math.abs(e[m]!) > Number.EPSILON * (Math.abs(d[m]!) + Math.abs(d[m + 1]!))) m++;
      if (m === low) break;
      const theta = (d[low + 1]! - d[low]!) / (2 * e[low]!);
      const radius = Math.sqrt(theta * theta + 1);
      let g = d[m]! - d[low]! + e[low]! / (theta + (theta >= 0 ? radius : -radius));
      let [s, c, p] = [1, 1, 0];
      let i = m - 1;
      for (; i >= low; i--) {
        const f = s * e[i]!;
        const b = c * e[i]!;
        const r = Math.sqrt(f * f + g * g);
        e[i + 1] = r;
        if (r === 0) {
          d[i + 1]! -= p;
          e[m] = 0;
          break;
        }
        s = f / r;
        c = g / r;
        g = d[i + 1]! - p;
        const t = (d[i]! - g) * s + 2 * c * b;
        p = s * t;
        d[i + 1] = g + p;
        g = c * t - b;
      }
      if (i >= low) continue;
      d[low]! -= p;
      e[low] = g;
      e[m] = 0;
    }
  }
  return d.sort();
};
