using System.Collections.Immutable;
using Peregrine.Execution.Caching;
using Peregrine.Execution.Ledger;
using Peregrine.Execution.Resilience;
using Peregrine.Execution.Scheduling;
using Peregrine.Gateway.Configuration;
using Peregrine.Server.Once;
using Peregrine.Server.Resources;

namespace Peregrine.Gateway.Policies;

/// <summary>Reads <c>peregrine.policies</c>: every fault with its place and what to do.</summary>
internal sealed class PolicyReader(ProblemList problems, Func<string, string?> environment, IReadOnlyCollection<string> servers)
{
    private const string Path = "peregrine.policies";

    /// <summary>Reads the member.</summary>
    internal PolicyConfiguration Read(ConfigMember member)
    {
        var own = Open(member.Value, PolicyMembers.Policies, Path);
        var policies = new PolicyConfiguration
        {
            Defaults = own.Find("defaults") is { } defaults ? ReadSettings(defaults.Value, $"{Path}.defaults") : new PolicySettings(),
            Servers = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, ReadEach(own, "servers").Select(static item => KeyValuePair.Create(item.Name, item.Settings))),
            Tiers = ImmutableSortedDictionary.CreateRange(ReadEach(own, "tiers").Select(static item => KeyValuePair.Create(TierOf(item.Name) ?? CallTier.Normal, item.Settings)).DistinctBy(static item => item.Key)),
            MemoryBytes = (long?)own.Number("memoryBytes"),
            Patterns = [.. ReadEach(own, "tools").Select(static item => new PolicyPattern(item.Name, item.Settings))],
        };
        var bytes = (long?)own.Number("cacheBytes") ?? CacheOptions.Default.MaxBytes;
        return policies with
        {
            Cache = new CacheOptions { MaxBytes = bytes, MaxResultBytes = Math.Min(bytes, CacheOptions.Default.MaxResultBytes) },
            Once = OnceOptions.Default with
            {
                Window = own.Seconds("keyWindowSeconds") ?? OnceOptions.Default.Window,
                Memory = LedgerLimits.Default with { MaxKeys = (int?)own.Number("maxKeys") ?? LedgerLimits.Default.MaxKeys },
            },
        };
    }

    private ConfigObject Open(ConfigNode node, MemberRule[] rules, string path) => new(node, rules, path, isShared: false, problems, environment);

    private List<(string Name, PolicySettings Settings)> ReadEach(ConfigObject own, string list)
    {
        List<(string Name, PolicySettings Settings)> read = [];
        foreach (var entry in own.Find(list)?.Value.Members ?? [])
        {
            var path = $"{Path}.{list}.{entry.Name}";
            JudgeName(entry, list, path);
            if (entry.Value.Kind != ConfigNodeKind.Object)
            {
                problems.Error(entry.Value.Position, $"\"{path}\" must be an object; found {entry.Value.Describe()}.", "Write for example {\"timeoutSeconds\": 5}.");
                continue;
            }

            var settings = ReadSettings(entry.Value, path);
            if (read.Exists(known => known.Name == entry.Name))
            {
                problems.Error(entry.Position, $"\"{path}\" stands there twice.", "Remove one of the two.");
                continue;
            }

            read.Add((entry.Name, settings));
        }

        return read;
    }

    private void JudgeName(ConfigMember entry, string list, string path)
    {
        if (list == "servers" && !servers.Contains(entry.Name))
        {
            problems.Error(entry.Position, $"\"{path}\" is about a server that is not in the list of servers.", NameSuggestion.ServerRemedy(entry.Name, servers));
        }
        else if (list == "tiers" && TierOf(entry.Name) is null)
        {
            problems.Error(entry.Position, $"\"{path}\" is about a tier that there is none of.", "There are \"fast\", \"normal\" and \"slow\".");
        }
        else if (list == "tiers" && entry.Value.Members.Find(static item => item.Name == "tier") is { } tier)
        {
            problems.Error(tier.Position, $"\"{path}\" has a \"tier\"; it is about one.", "Remove it; say in \"tools\", \"servers\" or \"defaults\" which calls belong to it.");
        }
        else if (list == "tools" && (entry.Name.Length == 0 || entry.Name.IndexOf('*', StringComparison.Ordinal) is >= 0 and var star && star < entry.Name.Length - 1))
        {
            problems.Error(entry.Position, $"\"{Path}.tools\" has the pattern \"{ConfigNode.Shorten(entry.Name)}\".", "Write a name or a URI, or the beginning of some with a \"*\" at its end.");
        }
    }

    private PolicySettings ReadSettings(ConfigNode node, string path)
    {
        var own = Open(node, PolicyMembers.Policy, path);
        var retry = own.Find("retry") is { } member ? Open(member.Value, PolicyMembers.Retry, $"{path}.retry") : null;
        return new PolicySettings
        {
            Timeout = own.Seconds("timeoutSeconds"),
            RateLimit = ReadRateLimit(own, "rateLimit", path),
            ClientRateLimit = ReadRateLimit(own, "clientRateLimit", path),
            Bulkhead = ReadBulkhead(own, path),
            Breaker = ReadBreaker(own, path),
            Retry = retry is null ? null : ReadRetry(retry, path),
            RetryBudget = retry is null ? null : ReadBudget(retry),
            MaxArgumentBytes = (int?)own.Number("maxArgumentBytes"),
            MaxResultBytes = (int?)own.Number("maxResultBytes"),
            Cache = ReadCache(own, path),
            Coalesce = Choice(own, "coalesce"),
            Invalidates = own.TextList("invalidates"),
            Once = Choice(own, "once"),
            ReadOnly = Choice(own, "readOnly"),
            Idempotent = Choice(own, "idempotent"),
            TrustHints = Choice(own, "trustHints"),
            Tier = TierOf(own.Text("tier")),
            Compress = Choice(own, "compress"),
        };
    }

    private static CallTier? TierOf(string? name) => name switch { "fast" => CallTier.Fast, "normal" => CallTier.Normal, "slow" => CallTier.Slow, _ => null };

    private static bool? Choice(ConfigObject own, string name) => own.Find(name) is null ? null : own.Boolean(name);

    private RateLimitOptions? ReadRateLimit(ConfigObject own, string name, string path)
    {
        if (own.Find(name) is not { } member)
        {
            return null;
        }

        var limit = Open(member.Value, PolicyMembers.RateLimit, $"{path}.{name}");
        if (limit.Number("perSecond") is { } perSecond)
        {
            return new RateLimitOptions { PerSecond = perSecond, Burst = limit.Number("burst") };
        }

        // One that is there and wrong was reported.
        if (!member.Value.Members.Exists(static item => item.Name == "perSecond"))
        {
            problems.Error(member.Position, $"\"{path}.{name}\" has no \"perSecond\".", "Say how many calls a second: {\"perSecond\": 10}.");
        }

        return null;
    }

    private BulkheadOptions? ReadBulkhead(ConfigObject own, string path)
    {
        var queued = (int?)own.Number("maxQueuedCalls");
        if (own.Number("maxConcurrentCalls") is { } running)
        {
            return new BulkheadOptions { MaxConcurrent = (int)running, MaxQueued = queued ?? 0 };
        }

        if (queued is not null && !own.Node.Members.Exists(static item => item.Name == "maxConcurrentCalls"))
        {
            problems.Error(own.Find("maxQueuedCalls")!.Position, $"\"{path}.maxQueuedCalls\" has no \"maxConcurrentCalls\" beside it, so nothing waits.", "Add \"maxConcurrentCalls\", or remove it.");
        }

        return null;
    }

    private BreakerOptions? ReadBreaker(ConfigObject own, string path)
    {
        if (own.Find("breaker") is not { } member)
        {
            return null;
        }

        var (breaker, defaults) = (Open(member.Value, PolicyMembers.Breaker, $"{path}.breaker"), new BreakerOptions());
        return new BreakerOptions
        {
            FailureRatio = breaker.Number("failureRatio") ?? defaults.FailureRatio,
            MinimumAttempts = (int?)breaker.Number("minimumCalls") ?? defaults.MinimumAttempts,
            Window = breaker.Seconds("windowSeconds") ?? defaults.Window,
            BreakDuration = breaker.Seconds("breakSeconds") ?? defaults.BreakDuration,
        };
    }

    private RetryOptions ReadRetry(ConfigObject retry, string path)
    {
        var delay = retry.Seconds("delaySeconds") ?? TimeSpan.FromMilliseconds(100);
        var longest = retry.Seconds("maxDelaySeconds") ?? (delay > TimeSpan.FromSeconds(5) ? delay : TimeSpan.FromSeconds(5));
        if (longest < delay)
        {
            problems.Error(retry.Find("maxDelaySeconds")!.Value.Position, $"\"{path}.retry.maxDelaySeconds\" is {longest.TotalSeconds:0.###}, less than delaySeconds, which is {delay.TotalSeconds:0.###}.",
                $"Write {delay.TotalSeconds:0.###} or more.");
        }

        return new RetryOptions
        {
            MaxAttempts = (int?)retry.Number("maxAttempts") ?? 3,
            BaseDelay = delay,
            MaxDelay = longest < delay ? delay : longest,
            AttemptTimeout = retry.Seconds("attemptTimeoutSeconds"),
        };
    }

    private static RetryBudgetOptions ReadBudget(ConfigObject retry)
    {
        var defaults = new RetryBudgetOptions();
        return defaults with { Ratio = retry.Number("budgetRatio") ?? defaults.Ratio, MinPerSecond = retry.Number("budgetPerSecond") ?? defaults.MinPerSecond };
    }

    private ResultCacheOptions? ReadCache(ConfigObject own, string path)
    {
        if (own.Find("cache") is not { } member)
        {
            return null;
        }

        var cache = Open(member.Value, PolicyMembers.Cache, $"{path}.cache");
        return new ResultCacheOptions
        {
            TimeToLive = cache.Seconds("seconds") ?? TimeSpan.Zero,
            Scope = cache.Text("scope") == "public" ? McpCacheScope.Public : McpCacheScope.Private,
            Tags = cache.TextList("tags") ?? [],
            StaleIfError = cache.Seconds("staleIfErrorSeconds") ?? TimeSpan.Zero,
        };
    }
}
