/** An amount in millionths of a US dollar, always an integer: sums are exact in any order. */
export type Money = number;

const MICROS = 1_000_000;

/** Reads a decimal amount of dollars. Six decimals are exact, which covers every rate that Azure publishes here. */
export function usd(dollars: number): Money {
  return Math.round(dollars * MICROS);
}

export function toUsd(amount: Money): number {
  return amount / MICROS;
}

/** Rate times quantity, rounded once to a millionth of a dollar. */
export function times(rate: Money, quantity: number): Money {
  return Math.round(rate * quantity);
}

/** `$1,234.50`, rounded half away from zero to cents; negative amounts as `-$3.00`. */
export function formatUsd(amount: Money): string {
  const cents = Math.round(Math.abs(amount) / 10_000);
  const whole = String(Math.floor(cents / 100)).replace(/\B(?=(\d{3})+$)/g, ',');
  const sign = amount < 0 && cents > 0 ? '-' : '';
  return `${sign}$${whole}.${String(cents % 100).padStart(2, '0')}`;
}

/** A unit rate with as many decimals as it needs, two at least and six at most: `$0.02273`, `$3.11`. */
export function formatRate(rate: Money): string {
  const [whole, fraction = ''] = (rate / MICROS).toFixed(6).split('.');
  return `$${whole}.${fraction.replace(/0+$/, '').padEnd(2, '0')}`;
}
