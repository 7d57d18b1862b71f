namespace Peregrine.Generators.Clients;

/// <summary>A JSON value: null, bool, string, the text of a number, a list, or members in order. Compilers bring no JSON reader that generators may rely on.</summary>
internal sealed class JsonNode
{
    private static readonly List<KeyValuePair<string, JsonNode>> NoMembers = [];
    private static readonly List<JsonNode> NoItems = [];

    internal string? Text { get; set; }

    internal bool IsTrue { get; set; }

    internal bool IsFalse { get; set; }

    internal List<JsonNode>? ItemsOrNull { get; set; }

    internal List<KeyValuePair<string, JsonNode>>? MembersOrNull { get; set; }

    internal IReadOnlyList<JsonNode> Items => ItemsOrNull ?? NoItems;

    internal IReadOnlyList<KeyValuePair<string, JsonNode>> Members => MembersOrNull ?? NoMembers;

    /// <summary>A member's value; null where there is none.</summary>
    internal JsonNode? Find(string name)
    {
        foreach (var member in Members)
        {
            if (member.Key == name)
            {
                return member.Value;
            }
        }

        return null;
    }

    internal string? FindText(string name) => Find(name)?.Text;
}
