namespace Peregrine.Execution.Stores.Memory;

/// <summary>What names in stores may be.</summary>
internal static class StoreNames
{
    internal const int MaxLength = 1024;

    internal static void Judge(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(name.Length, MaxLength, nameof(name));
    }
}
