namespace Peregrine.Gateway.Configuration;

/// <summary>
/// What the tools of a server are called behind the gateway: <c>prefix_tool</c>. An underscore, because every client takes it (some models
/// forbid dots in names), and one character, because names are limited to 64 by some clients and 128 by the specification.
/// </summary>
internal static class PrefixRules
{
    internal const char Separator = '_';

    internal const int MaxLength = 64;

    internal static bool IsValid(string prefix) => prefix.Length <= MaxLength && prefix.All(IsNameCharacter);

    /// <summary>The prefix of a server for which none is configured.</summary>
    internal static string Default(string serverName, int serverCount)
    {
        if (serverCount == 1)
        {
            return "";
        }

        var prefix = string.Concat(serverName.Select(static c => IsNameCharacter(c) ? c : '-'));
        return prefix.Length <= MaxLength ? prefix : prefix[..MaxLength];
    }

    private static bool IsNameCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-';
}
