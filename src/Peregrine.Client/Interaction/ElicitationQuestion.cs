using System.Text;
using Peregrine.Client.Json;

namespace Peregrine.Client.Interaction;

/// <summary>Something that the server wants to know from the person in front of the client. Show who asks; never let it ask for secrets in a form.</summary>
public sealed class ElicitationQuestion
{
    internal ElicitationQuestion(ReadOnlyMemory<byte> parameters) => Raw = parameters;

    /// <summary>The params of <c>elicitation/create</c>: a raw JSON object.</summary>
    public ReadOnlyMemory<byte> Raw { get; }

    /// <summary>What to ask. Read anew at each look, as are the following.</summary>
    public string Message => ObjectReader.FindText(Raw.Span, "message"u8) ?? "";

    /// <summary>
    /// True where the person is to open <see cref="Url"/> instead of filling in a form: show the whole URL, and open it only after consent. Accepting means that it was opened, not that
    /// the person did there what was asked.
    /// </summary>
    public bool IsUrl => ObjectReader.FindText(Raw.Span, "mode"u8) == "url";

    /// <summary>The URL to open; null for a form.</summary>
    public string? Url => IsUrl ? ObjectReader.FindText(Raw.Span, "url"u8) : null;

    /// <summary>By what <c>notifications/elicitation/complete</c> names it; null for a form.</summary>
    public string? ElicitationId => ObjectReader.FindText(Raw.Span, "elicitationId"u8);

    /// <summary>The schema of the answer's content: a flat object of texts, numbers, truth values and choices, raw; empty for a URL.</summary>
    public ReadOnlyMemory<byte> RequestedSchema => RawObject.Find(Raw, "requestedSchema"u8);

    /// <inheritdoc/>
    public override string ToString() => Encoding.UTF8.GetString(Raw.Span);
}
