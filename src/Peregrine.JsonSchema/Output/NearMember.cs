using Peregrine.JsonSchema.Compilation;
using Peregrine.JsonSchema.Text;
using Peregrine.Protocol.Text;

namespace Peregrine.JsonSchema.Output;

/// <summary>Finds the member of an object that was given in place of one that is missing: of nearly its name, and none that the schema names.</summary>
internal static class NearMember
{
    // Whoever slips once sends a handful of members. Beyond that nobody is helped, and each look costs.
    private const int MostMembers = 64;
    private const int LongestEscape = 6;

    /// <summary>The nearest member's name, or null. Looks at the first 64 members.</summary>
    /// <param name="text">The instance.</param>
    /// <param name="names">The names that the schema knows here.</param>
    /// <param name="token">The object.</param>
    /// <param name="missing">The name that is missing.</param>
    public static string? Find(scoped JsonText text, NameTable names, int token, string missing)
    {
        string? nearest = null;
        var fewest = NearNames.Far;
        var end = text.Tokens[token].Next;
        var left = MostMembers;
        for (var member = token + 1; member < end && left > 0; member = text.Tokens[member + 1].Next, left--)
        {
            var raw = text.Raw(member);
            if (raw.Length > NearNames.LongestName * LongestEscape)
            {
                continue;
            }

            var name = JsonStrings.ToText(raw, text.Tokens[member].Escaped);
            var slips = NearNames.Slips(name, missing);
            if (slips < fewest && names.Find(JsonStrings.ToArray(raw, text.Tokens[member].Escaped)) < 0)
            {
                nearest = name;
                fewest = slips;
            }
        }

        return nearest;
    }
}
