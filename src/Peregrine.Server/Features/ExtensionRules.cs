using System.Text.Json;

namespace Peregrine.Server.Features;

/// <summary>What must hold of declared extensions (2026-07-28, capabilities; names as keys of <c>_meta</c>).</summary>
internal static class ExtensionRules
{
    /// <summary>Every fault, in words.</summary>
    internal static IEnumerable<string> Validate(IReadOnlyDictionary<string, string> extensions)
    {
        foreach (var (id, settings) in extensions)
        {
            if (!IsValidId(id))
            {
                yield return $"{nameof(PeregrineServerOptions.Extensions)} has \"{id}\"; an identifier is a prefix of labels with dots, a slash and a name, such as \"com.example/feature\".";
            }

            if (!IsObject(settings))
            {
                yield return $"{nameof(PeregrineServerOptions.Extensions)}[\"{id}\"] must be a JSON object, such as \"{{}}\".";
            }
        }
    }

    private static bool IsValidId(string id)
    {
        var slash = id.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && id[..slash].Split('.').All(IsLabel) && IsName(id.AsSpan(slash + 1));
    }

    // A letter first, a letter or digit last, hyphens between.
    private static bool IsLabel(string label) =>
        label.Length > 0 && char.IsAsciiLetter(label[0]) && char.IsAsciiLetterOrDigit(label[^1]) && label.All(static c => char.IsAsciiLetterOrDigit(c) || c == '-');

    private static bool IsName(ReadOnlySpan<char> name)
    {
        if (name.IsEmpty || !char.IsAsciiLetterOrDigit(name[0]) || !char.IsAsciiLetterOrDigit(name[^1]))
        {
            return false;
        }

        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.'))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsObject(string settings)
    {
        try
        {
            using var document = JsonDocument.Parse(settings);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
