using Peregrine.Server.Content;

namespace Peregrine.Server.Tools;

/// <summary>What a tool found out about a call whose outcome was lost in a crash (see <see cref="McpToolAttribute.Reconcile"/>). Immutable.</summary>
public sealed class McpReconciliation
{
    private McpReconciliation(McpReconciliationOutcome outcome, IReadOnlyList<McpContent> content, ReadOnlyMemory<byte> structured)
    {
        Outcome = outcome;
        Content = content;
        StructuredContent = structured;
    }

    /// <summary>Nobody can tell.</summary>
    public static McpReconciliation Unknown { get; } = new(McpReconciliationOutcome.Unknown, [], default);

    /// <summary>The call had no effect, and will have none: it may run.</summary>
    public static McpReconciliation DidNotHappen { get; } = new(McpReconciliationOutcome.DidNotHappen, [], default);

    /// <summary>What became of the call.</summary>
    public McpReconciliationOutcome Outcome { get; }

    /// <summary>The content of the result of a call that happened.</summary>
    public IReadOnlyList<McpContent> Content { get; }

    /// <summary>The structured content of that result, raw JSON in UTF-8, or empty.</summary>
    public ReadOnlyMemory<byte> StructuredContent { get; }

    /// <summary>The call happened; this text is its result.</summary>
    public static McpReconciliation Happened(string text) => Happened([McpContent.Text(text)]);

    /// <summary>The call happened; this is its result.</summary>
    /// <param name="content">The result's content; may be empty.</param>
    /// <param name="structuredContent">A raw JSON object in UTF-8, copied, or empty.</param>
    /// <exception cref="ArgumentException"><paramref name="structuredContent"/> is no JSON object.</exception>
    public static McpReconciliation Happened(IReadOnlyList<McpContent> content, ReadOnlyMemory<byte> structuredContent = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        return new McpReconciliation(McpReconciliationOutcome.Happened, [.. content], RawJson.TakeObject(structuredContent, nameof(structuredContent)));
    }
}
