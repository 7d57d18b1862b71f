using Peregrine.Execution.Balancing;
using Peregrine.Gateway.Upstreams;
using Peregrine.Observability.Metrics;

namespace Peregrine.Gateway.Balancing;

/// <summary>A member of a balanced server: its connection, and whether it is in use. Thread-safe.</summary>
internal sealed class BalancedMember(string name, ConnectedUpstream upstream, BalancingTarget target)
{
    private volatile bool _isTakenOut;

    internal string Name => name;

    internal ConnectedUpstream Upstream => upstream;

    internal BalancingTarget Target => target;

    /// <summary>True where its operator has taken it out of use, until it is put back.</summary>
    internal bool IsTakenOut
    {
        get => _isTakenOut;
        set => _isTakenOut = value;
    }

    internal MemberStatus Status => new(name, upstream.Target, upstream.State, target.Weight, target.InFlight, target.Health.IsEjected, target.Health.TotalEjections, _isTakenOut);

    /// <summary>Takes note of how a call ended: what says that the member is in trouble counts against it, what its callers do does not.</summary>
    internal void Note(RequestOutcome outcome)
    {
        switch (outcome)
        {
            case RequestOutcome.TimedOut or RequestOutcome.Unavailable or RequestOutcome.Unknown:
                target.Health.Failed();
                break;
            case RequestOutcome.Cancelled or RequestOutcome.Overloaded:
                target.Health.Undecided();
                break;
            default:
                target.Health.Succeeded();
                break;
        }
    }

    /// <summary>Takes note that its connection has come or gone.</summary>
    internal void NoteConnection()
    {
        if (upstream.Connections > 0)
        {
            target.Health.Succeeded();
        }
        else
        {
            target.Health.EjectNow();
        }
    }

    /// <summary>Asks for a sign of life.</summary>
    internal async Task ProbeAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (upstream.Connections == 0)
        {
            // Its own loop connects again, and says so.
            return;
        }

        if (await upstream.ProbeAsync(timeout, cancellationToken).ConfigureAwait(false))
        {
            target.Health.Succeeded();
        }
        else if (!cancellationToken.IsCancellationRequested)
        {
            target.Health.Failed();
        }
    }
}
