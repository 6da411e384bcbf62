// Whether a document holds to the schema of CAP 1.2.

import { join } from 'node:path'
import { XmlDocument, XsdValidator } from 'libxml2-wasm'

const schema = XmlDocument.fromString(await Bun.file(join(import.meta.dir, '../fixtures/cap-1.2.xsd')).text())
const validator = XsdValidator.fromDoc(schema)

/** What is wrong with it; empty where it is valid. */
export function faultsOf(xml: string): string[] {
  let document: XmlDocument | null = null
  try {
    document = XmlDocument.fromString(xml)
    validator.validate(document)
    return []
  } catch (error) {
    return [String(error)]
  } finally {
    document?.dispose()
  }
}
