using System.Text.Json;
using Peregrine.Protocol.Text;

namespace Peregrine.Server.Binding;

// What is missing, and what was given in its place: looked for only once arguments are refused.
public ref partial struct ToolArguments
{
    // Whoever slips once sends a handful of members. Beyond that nobody is helped, and each look costs.
    private const int MostMembers = 64;
    private const int LongestEscape = 6;

    /// <summary>Records that a required argument is missing, at the end of the object that should have it, and names one that was given in its place: of nearly its name, and not known.</summary>
    /// <param name="name">The argument's name.</param>
    /// <param name="known">All names that are taken there, with line feeds between them.</param>
    public void Missing(string name, scoped ReadOnlySpan<byte> known)
    {
        if (_fault is null)
        {
            Fail(name, NearTo(name, known) is { } near ? $"is required; \"{near}\" is not known, did you mean \"{name}\"?" : "is required.");
        }
    }

    private readonly string? NearTo(string name, scoped ReadOnlySpan<byte> known)
    {
        var members = AtItsBeginning();
        string? nearest = null;
        var fewest = NearNames.Far;
        for (var left = MostMembers; left > 0 && members.Read() && members.TokenType == JsonTokenType.PropertyName; left--)
        {
            if (NameOf(members) is { } member && NearNames.Slips(member, name) is var slips && slips < fewest && !IsAmong(known, members))
            {
                nearest = member;
                fewest = slips;
            }

            members.Skip();
        }

        return nearest;
    }

    /// <summary>A reader at the beginning of the object at whose end this one stands.</summary>
    private readonly Utf8JsonReader AtItsBeginning()
    {
        var reader = new Utf8JsonReader(_json);
        var beginning = reader;
        while (reader.Read() && reader.BytesConsumed < _reader.BytesConsumed)
        {
            if (reader.TokenType == JsonTokenType.StartObject && reader.CurrentDepth == _reader.CurrentDepth)
            {
                beginning = reader;
            }
        }

        return beginning;
    }

    private static bool IsAmong(scoped ReadOnlySpan<byte> known, in Utf8JsonReader member)
    {
        foreach (var name in known.Split((byte)'\n'))
        {
            if (JsonText.TokenEquals(member, known[name]))
            {
                return true;
            }
        }

        return false;
    }

    // Null for a name too long to be compared.
    private static string? NameOf(in Utf8JsonReader member) =>
        member.ValueSpan.Length <= NearNames.LongestName * LongestEscape && JsonText.TryGetTokenString(member, out var name) ? name : null;
}
