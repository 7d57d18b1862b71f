using Peregrine.Gateway.Catalog.Pinning;
using Peregrine.Transport.Http;

namespace Peregrine.Gateway.Balancing;

/// <content>What operators ask for: of all members.</content>
internal sealed partial class BalancedUpstream
{
    internal override int MaxConnections => _members.Sum(static member => member.Upstream.MaxConnections);

    internal override HttpPoolStatistics Sockets => _members.Select(static member => member.Upstream.Sockets).Aggregate(default(HttpPoolStatistics), static (sum, one) =>
        new(sum.Requests + one.Requests, sum.Opened + one.Opened, sum.Open + one.Open, sum.Waited + one.Waited, sum.Exhausted + one.Exhausted));

    // All members are held against the same definitions: each tells of the changes at all of them.
    internal override IReadOnlyList<ToolChange> ToolChanges => _members[0].Upstream.ToolChanges;

    /// <summary>Takes a member out of use, until it is put back: calls in flight go on, new ones go to the others.</summary>
    /// <returns>False where there is no member of that name.</returns>
    internal bool TryTakeOut(string name, bool isOut)
    {
        var member = Array.Find(_members, one => one.Name == name);
        if (member is not null)
        {
            member.IsTakenOut = isOut;
        }

        return member is not null;
    }

    internal override async ValueTask<bool> RestartAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        // One after the other: calls go to the others meanwhile.
        foreach (var member in _members)
        {
            await member.Upstream.RestartAsync(patience, cancellationToken).ConfigureAwait(false);
            await WaitUntilConnectedAsync(member, patience, cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    internal override async ValueTask<int> AcceptAsync(string? tool, CancellationToken cancellationToken)
    {
        var accepted = await _members[0].Upstream.AcceptAsync(tool, cancellationToken).ConfigureAwait(false);
        if (accepted > 0)
        {
            foreach (var member in _members.Skip(1))
            {
                await member.Upstream.OfferAgainAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        return accepted;
    }

    // No longer than calls in flight would be waited for: the next may be up all the same.
    private async ValueTask WaitUntilConnectedAsync(BalancedMember member, TimeSpan patience, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        while (member.Upstream.Connections == 0 && _time.GetElapsedTime(started) < patience && !cancellationToken.IsCancellationRequested && !_stopping.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
