using System.Buffers;

namespace Peregrine.Server.Resources.Templates;

/// <summary>One step of matching a URI with a template. Immutable.</summary>
internal sealed class TemplatePart
{
    internal required TemplatePartKind Kind { get; init; }

    /// <summary>The text of a literal, UTF-8.</summary>
    internal byte[] Text { get; init; } = [];

    /// <summary>The character of a lead, or the one that begins a form.</summary>
    internal byte First { get; init; }

    /// <summary>The bytes that a value may have beside percent-encoded ones; or the bytes that end a form.</summary>
    internal SearchValues<byte> Set { get; init; } = SearchValues.Create(ReadOnlySpan<byte>.Empty);

    /// <summary>True where a value may be empty: behind its lead.</summary>
    internal bool MayBeEmpty { get; init; }

    /// <summary>The variable of a value, or the variables of a form.</summary>
    internal TemplateVariable[] Variables { get; init; } = [];
}
