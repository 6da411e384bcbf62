// The limit for whatever a request waits for, which is the same inside objects.

export { TooLate, within } from '../durable/deadline'
