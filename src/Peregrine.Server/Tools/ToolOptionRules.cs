using System.Globalization;

namespace Peregrine.Server.Tools;

/// <summary>What must hold of a tool's options.</summary>
internal static class ToolOptionRules
{
    private const int MaxNames = 64;
    private const int MaxNameLength = 256;
    private const int MaxConcurrency = 1_000_000;

    private static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(1);
    private static readonly TimeSpan LongestCaching = TimeSpan.FromDays(31);

    internal static List<string> Validate(McpToolDefinition tool)
    {
        List<string> faults = [];
        if (tool.Timeout is { } timeout && (timeout <= TimeSpan.Zero || timeout > LongestTimeout))
        {
            faults.Add(Text($"{nameof(tool.Timeout)} is {tool.Timeout}; it must be more than zero and at most {LongestTimeout}."));
        }

        if (tool.MaxConcurrency is < 1 or > MaxConcurrency)
        {
            faults.Add(Text($"{nameof(tool.MaxConcurrency)} is {tool.MaxConcurrency}; it must be from 1 to {MaxConcurrency}."));
        }

        if (tool.CacheDuration < TimeSpan.Zero || tool.CacheDuration > LongestCaching)
        {
            faults.Add(Text($"{nameof(tool.CacheDuration)} is {tool.CacheDuration}; it must be from zero to {LongestCaching}."));
        }

        if (tool.Tier is < McpToolTier.Normal or > McpToolTier.Slow)
        {
            faults.Add(Text($"{nameof(tool.Tier)} is {(int)tool.Tier}; it must be a member of {nameof(McpToolTier)}."));
        }

        if (IsEmpty(tool.Category))
        {
            faults.Add(Text($"{nameof(tool.Category)} is empty; leave it out, or name one."));
        }

        if (IsEmpty(tool.Version))
        {
            faults.Add(Text($"{nameof(tool.Version)} is empty; leave it out, or give one."));
        }

        if (IsEmpty(tool.Deprecation))
        {
            faults.Add(Text($"{nameof(tool.Deprecation)} is empty; leave it out, or say what to use in the tool's place."));
        }

        if (tool.Batch is { Max: < 1 or > 10_000 })
        {
            faults.Add(Text($"{nameof(tool.Batch)}.{nameof(McpBatchOptions.Max)} is {tool.Batch?.Max}; it must be from 1 to 10000."));
        }

        if (tool.Batch is { } batch && (batch.Wait < TimeSpan.Zero || batch.Wait > TimeSpan.FromSeconds(1)))
        {
            faults.Add(Text($"{nameof(tool.Batch)}.{nameof(McpBatchOptions.Wait)} is {tool.Batch?.Wait}; it must be from zero to one second."));
        }

        AddNameFaults(faults, nameof(tool.CacheTags), tool.CacheTags, HasNoControls, "without control characters");
        AddNameFaults(faults, nameof(tool.InvalidatesTags), tool.InvalidatesTags, HasNoControls, "without control characters");
        AddNameFaults(faults, nameof(tool.Scopes), tool.Scopes, IsScope, "of printable ASCII without blanks, \" and \\");
        AddNameFaults(faults, nameof(tool.Roles), tool.Roles, HasNoControls, "without control characters");
        AddNameFaults(faults, nameof(tool.Dependencies), tool.Dependencies, name => name != tool.Name, "and name another tool");
        return faults;
    }

    private static void AddNameFaults(List<string> faults, string option, IReadOnlyList<string> names, Func<string, bool> isValid, string rule)
    {
        if (names.Count > MaxNames)
        {
            faults.Add($"{option} has {names.Count} elements; it may have {MaxNames}.");
        }

        foreach (var name in names)
        {
            if (name is null or { Length: 0 or > MaxNameLength } || !isValid(name))
            {
                faults.Add($"{option} has the element \"{name}\"; each must have 1 to {MaxNameLength} characters, {rule}.");
            }
        }
    }

    private static string Text(FormattableString fault) => fault.ToString(CultureInfo.InvariantCulture);

    private static bool HasNoControls(string name)
    {
        foreach (var c in name)
        {
            if (char.IsControl(c))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsScope(string name)
    {
        foreach (var c in name)
        {
            if (!IsScopeCharacter(c))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsEmpty(string? text) => text is not null && string.IsNullOrWhiteSpace(text);

    // RFC 6749, section 3.3.
    private static bool IsScopeCharacter(char c) => c is '!' or (>= '#' and <= '[') or (>= ']' and <= '~');
}
