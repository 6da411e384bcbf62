// How one speaks of a vehicle in Filipino. The directory writes colours in English, as registration papers do.

const COLOUR_FIL: Record<string, string> = {
  white: 'puting',
  black: 'itim na',
  red: 'pulang',
  blue: 'asul na',
  green: 'berdeng',
  yellow: 'dilaw na',
  orange: 'orange na',
  brown: 'kayumangging',
  grey: 'abong',
  gray: 'abong',
  silver: 'silver na',
  gold: 'gintong',
  beige: 'beige na',
  maroon: 'maroon na',
  pink: 'pink na',
  purple: 'lilang',
}

/** "white Vios" becomes "puting Vios"; a colour that the table does not know stays as it is. */
export function vehicleIn(lang: 'en' | 'fil', vehicle: string): string {
  if (lang === 'en') return vehicle
  const [first = '', ...rest] = vehicle.split(' ')
  const colour = COLOUR_FIL[first.toLowerCase()]
  return colour && rest.length > 0 ? `${colour} ${rest.join(' ')}` : vehicle
}
