using Peregrine.Load.Histograms;

namespace Peregrine.Load.Driving.Counting;

/// <summary>What one worker did in one second.</summary>
internal sealed class Interval
{
    /// <summary>Which second of the run part, from 0.</summary>
    internal int Second { get; set; }

    /// <summary>Response times.</summary>
    internal Histogram Response { get; } = new();

    /// <summary>Calls that ended well.</summary>
    internal long Succeeded { get; set; }

    /// <summary>Calls that did not.</summary>
    internal long Failed { get; set; }

    internal void Clear()
    {
        Response.Clear();
        Succeeded = Failed = 0;
    }
}
