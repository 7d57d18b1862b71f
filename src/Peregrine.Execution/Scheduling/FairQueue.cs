namespace Peregrine.Execution.Scheduling;

/// <summary>
/// Calls that wait, of three tiers. Within a tier clients take turns, each with its calls in order of arrival, so that one who sends much delays only itself. A quicker tier goes first,
/// but a slower one that was passed over eight times in a row has its turn. Not thread-safe.
/// </summary>
internal sealed class FairQueue
{
    private const int Tiers = 3;

    // Slow calls get at least a ninth of the turns: enough that they end, little enough that quick ones hardly notice.
    private const int MostPassedOver = 8;

    private readonly LinkedList<ClientLine>[] _rings = [new(), new(), new()];
    private readonly int[] _passedOver = new int[Tiers];

    /// <summary>How many wait.</summary>
    internal int Count { get; private set; }

    internal void Add(WaitingCall call, ClientLine line)
    {
        var tier = (int)call.Class.Tier;
        call.Line = line;
        call.InLine = line.Calls[tier].AddLast(call);
        call.InClass = call.Class.Queue.AddLast(call);
        line.Places[tier] ??= _rings[tier].AddLast(line);
        line.Waiting++;
        call.Class.WaitingNow++;
        Count++;
    }

    /// <summary>Takes a call out, wherever it stands.</summary>
    /// <returns>False where it does not wait any more.</returns>
    internal bool Remove(WaitingCall call)
    {
        if (call.Line is not { } line)
        {
            return false;
        }

        var tier = (int)call.Class.Tier;
        line.Calls[tier].Remove(call.InLine!);
        call.Class.Queue.Remove(call.InClass!);
        call.Line = null;
        if (line.Calls[tier].Count == 0)
        {
            _rings[tier].Remove(line.Places[tier]!);
            line.Places[tier] = null;
        }

        line.Waiting--;
        call.Class.WaitingNow--;
        Count--;
        return true;
    }

    /// <summary>Takes the call whose turn it is among those whose class has room and whose client may run one more; null where there is none.</summary>
    /// <param name="maxPerClient">How many calls a client may have running.</param>
    internal WaitingCall? Take(int maxPerClient)
    {
        Span<bool> passed = stackalloc bool[Tiers];
        passed.Clear();
        WaitingCall? taken = null;
        var takenTier = -1;
        for (var tier = 0; tier < Tiers; tier++)
        {
            if (_rings[tier].Count == 0 || Find(tier, maxPerClient) is not { } found)
            {
                continue;
            }

            if (taken is null || _passedOver[tier] >= MostPassedOver)
            {
                if (taken is not null)
                {
                    passed[takenTier] = true;
                }

                (taken, takenTier) = (found, tier);
            }
            else
            {
                passed[tier] = true;
            }
        }

        if (taken is null)
        {
            return null;
        }

        for (var tier = 0; tier < Tiers; tier++)
        {
            _passedOver[tier] = tier == takenTier ? 0 : passed[tier] && tier > takenTier ? _passedOver[tier] + 1 : _passedOver[tier];
        }

        var line = taken.Line!;
        Remove(taken);

        // The client goes to the end of its ring.
        if (line.Places[takenTier] is { } place)
        {
            _rings[takenTier].Remove(place);
            _rings[takenTier].AddLast(place);
        }

        return taken;
    }

    /// <summary>The client with most calls waiting, of all classes or of one.</summary>
    /// <param name="callClass">The class; null for all.</param>
    /// <returns>The client and how many it has; null where none waits.</returns>
    internal (ClientLine? Line, int Waiting) Heaviest(CallClass? callClass)
    {
        ClientLine? heaviest = null;
        var most = 0;
        if (callClass is null)
        {
            foreach (var ring in _rings)
            {
                foreach (var line in ring)
                {
                    if (line.Waiting > most)
                    {
                        (heaviest, most) = (line, line.Waiting);
                    }
                }
            }

            return (heaviest, most);
        }

        foreach (var call in callClass.Queue)
        {
            call.Line!.Counted = 0;
        }

        foreach (var call in callClass.Queue)
        {
            if (++call.Line!.Counted > most)
            {
                (heaviest, most) = (call.Line, call.Line.Counted);
            }
        }

        return (heaviest, most);
    }

    /// <summary>The call of a client that arrived last, of all classes or of one: slowest tier first.</summary>
    internal static WaitingCall? Newest(ClientLine line, CallClass? callClass)
    {
        for (var tier = Tiers - 1; tier >= 0; tier--)
        {
            for (var node = line.Calls[tier].Last; node is not null; node = node.Previous)
            {
                if (callClass is null || node.Value.Class == callClass)
                {
                    return node.Value;
                }
            }
        }

        return null;
    }

    /// <summary>Gathers what has waited until <paramref name="now"/> and may not wait longer.</summary>
    internal void Overdue(long now, List<WaitingCall> found)
    {
        for (var tier = 0; tier < Tiers; tier++)
        {
            foreach (var line in _rings[tier])
            {
                found.AddRange(line.Calls[tier].Where(call => now >= call.GiveUpAt));
            }
        }
    }

    private WaitingCall? Find(int tier, int maxPerClient)
    {
        foreach (var line in _rings[tier])
        {
            if (line.Running >= maxPerClient)
            {
                continue;
            }

            foreach (var call in line.Calls[tier])
            {
                if (call.Class.HasRoom)
                {
                    return call;
                }
            }
        }

        return null;
    }
}
