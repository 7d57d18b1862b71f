using Peregrine.Execution.Caching;
using Peregrine.Execution.Resilience;
using Peregrine.Execution.Stores;
using Peregrine.Server.Registry;

namespace Peregrine.Gateway.Policies;

/// <summary>
/// What the policies of a gateway run on. Limits, breakers and budgets are kept by scope: those whose settings are the same after a reload go on with what they know. Thread-safe.
/// </summary>
internal sealed class PolicyParts
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Scope, Type Part), (object Settings, object Part)> _kept = [];

    internal required ServerIdentity Identity { get; init; }

    internal required TimeProvider Time { get; init; }

    internal required Microsoft.Extensions.Logging.ILogger Logger { get; init; }

    internal PolicySwitches Switches { get; } = new();

    internal required ICounterStore Counters { get; init; }

    internal SeededRandom Random { get; } = SeededRandom.Create();

    internal ClientNames Clients { get; } = new();

    internal GatewayLoad Load { get; } = new();

    /// <summary>What keeps results; another one where its size has been changed.</summary>
    internal required ResultCache Cache { get; set; }

    /// <summary>What keeps keys; null where no call with a key is to run once.</summary>
    internal KeptCalls? Keys { get; set; }

    /// <summary>A part of a scope: the one there is, where it was made from the same settings.</summary>
    internal T Get<T>(string scope, object settings, Func<T> make)
        where T : class
    {
        lock (_gate)
        {
            if (_kept.TryGetValue((scope, typeof(T)), out var known) && known.Settings.Equals(settings))
            {
                return (T)known.Part;
            }

            var part = make();
            _kept[(scope, typeof(T))] = (settings, part);
            return part;
        }
    }

    /// <summary>Forgets the parts of scopes that are gone.</summary>
    internal void Keep(IReadOnlySet<string> scopes)
    {
        lock (_gate)
        {
            // Behind the scope's name there may be a space and what the part is for within it.
            foreach (var key in _kept.Keys.Where(key => !scopes.Any(scope => key.Scope == scope || (key.Scope.StartsWith(scope, StringComparison.Ordinal) && key.Scope[scope.Length] == ' '))).ToArray())
            {
                _kept.Remove(key);
            }
        }
    }
}
