namespace Peregrine.Gateway.Policies;

/// <summary>What is said of the kinds of policies, and which of them settings ask for. No state.</summary>
internal static class PolicyKinds
{
    internal static PolicyKind[] All { get; } = Enum.GetValues<PolicyKind>();

    /// <summary>The last part of a switch's name.</summary>
    internal static string Name(this PolicyKind kind) => kind switch
    {
        PolicyKind.Timeout => "timeout",
        PolicyKind.RateLimit => "rate-limit",
        PolicyKind.ClientRateLimit => "client-rate-limit",
        PolicyKind.Bulkhead => "bulkhead",
        PolicyKind.Breaker => "breaker",
        PolicyKind.Retry => "retry",
        PolicyKind.SizeLimits => "size-limits",
        PolicyKind.Cache => "cache",
        PolicyKind.Coalescing => "coalescing",
        PolicyKind.Shedding => "shedding",
        PolicyKind.Compression => "compression",
        _ => "once",
    };

    /// <summary>What the switch turns on and off, for people.</summary>
    internal static string Describe(this PolicyKind kind) => kind switch
    {
        PolicyKind.Timeout => "Ends calls that take longer than their time.",
        PolicyKind.RateLimit => "Limits how many calls of all clients begin.",
        PolicyKind.ClientRateLimit => "Limits how many calls of one client begin.",
        PolicyKind.Bulkhead => "Limits how many calls run at once.",
        PolicyKind.Breaker => "Refuses calls while too many of the last ones have failed.",
        PolicyKind.Retry => "Tries again what has failed.",
        PolicyKind.SizeLimits => "Refuses arguments and replies that are too long.",
        PolicyKind.Cache => "Serves results that are kept.",
        PolicyKind.Coalescing => "Has equal calls that run at the same time run once.",
        PolicyKind.Shedding => "Refuses slow calls, then normal ones, while the gateway has too much to do.",
        PolicyKind.Compression => "Compresses long replies.",
        _ => "Has calls with a key run once.",
    };

    /// <summary>True where the settings ask for it.</summary>
    internal static bool IsAsked(this PolicyKind kind, PolicySettings settings) => kind switch
    {
        PolicyKind.Timeout => settings.Timeout is not null,
        PolicyKind.RateLimit => settings.RateLimit is not null,
        PolicyKind.ClientRateLimit => settings.ClientRateLimit is not null,
        PolicyKind.Bulkhead => settings.Bulkhead is not null,
        PolicyKind.Breaker => settings.Breaker is not null,
        PolicyKind.Retry => settings.Retry is { MaxAttempts: > 1 },
        PolicyKind.SizeLimits => settings.MaxArgumentBytes is not null || settings.MaxResultBytes is not null,
        PolicyKind.Cache => settings.Cache is not null,
        PolicyKind.Coalescing => settings.Coalesce ?? settings.Cache is not null,
        PolicyKind.Shedding => settings.Tier is not null,
        PolicyKind.Compression => settings.Compress == true,
        _ => settings.Once == true,
    };
}
