/** An order as a share of the bar's volume, 0 to 1. Without volume it counts as the whole bar's. */
export const volumeShare = (quantity: number, volume: number): number => (volume > 0 ? Math.min(1, quantity / volume) : 1);
