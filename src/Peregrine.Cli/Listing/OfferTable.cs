using System.Text;

namespace Peregrine.Cli.Listing;

/// <summary>One of a server's lists, ready to be shown.</summary>
/// <param name="Name">The list's name in JSON.</param>
/// <param name="Count">How many there are, in words.</param>
/// <param name="Columns">The columns' titles.</param>
/// <param name="Rows">The rows; the first cell names the thing, the last says what it is.</param>
/// <param name="Definitions">The definitions as the server sent them.</param>
internal sealed record OfferTable(string Name, string Count, IReadOnlyList<string> Columns, IReadOnlyList<string[]> Rows, IReadOnlyList<ReadOnlyMemory<byte>> Definitions)
{
    internal static OfferTable Of<T>(string name, string one, string[] columns, IReadOnlyList<T> items, Func<T, ReadOnlyMemory<byte>> definition, Func<T, string[]> row) => new(
        name, $"{items.Count} {(items.Count == 1 ? one : one + "s")}", columns, [.. items.Select(row)], [.. items.Select(definition)]);

    /// <summary>What a server that does not know the list has.</summary>
    internal static OfferTable Empty(ListChoice choice) => choice switch
    {
        ListChoice.Resources => new("resources", "0 resources", [], [], []),
        ListChoice.Templates => new("resourceTemplates", "0 templates", [], [], []),
        ListChoice.Prompts => new("prompts", "0 prompts", [], [], []),
        _ => new("tools", "0 tools", [], [], []),
    };

    internal string ToJson() => Definitions.Count == 0
        ? "[]"
        : $"[\n  {string.Join(",\n  ", Definitions.Select(static definition => Encoding.UTF8.GetString(definition.Span)))}\n]";
}
