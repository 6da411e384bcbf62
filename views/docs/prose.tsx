// Descriptions as the document writes them: paragraphs, `code` and **weight**, and nothing else of Markdown.

export function Prose({ text }: { text: string }) {
  return (
    <>
      {text.split(/\n{2,}/).map((paragraph) => (
        <p>
          <Inline text={paragraph} />
        </p>
      ))}
    </>
  )
}

export function Inline({ text }: { text: string }) {
  return (
    <>
      {text.split(/(`[^`]+`|\*\*[^*]+\*\*)/).map((part) => {
        if (part.startsWith('`')) return <code>{part.slice(1, -1)}</code>
        if (part.startsWith('**')) return <strong>{part.slice(2, -2)}</strong>
        return part
      })}
    </>
  )
}

/** A block that scrolls sideways on a narrow screen, also by keyboard. */
export function Sample({ label, text }: { label: string; text: string }) {
  return (
    <figure class="sample">
      <figcaption class="label">{label}</figcaption>
      <pre tabindex={0}>
        <code>{text}</code>
      </pre>
    </figure>
  )
}
