using Peregrine.Load.Results;
using Peregrine.Load.Workloads;

namespace Peregrine.Load.Driving;

/// <summary>Runs workloads: opens the conversation, warms up, measures, checks itself.</summary>
public static class LoadRunner
{
    /// <summary>Runs a workload against a server.</summary>
    /// <param name="target">The server.</param>
    /// <param name="workload">What to do to it.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Told about once a second; null for nobody.</param>
    /// <param name="cancellationToken">Ends the run without a result.</param>
    /// <exception cref="ArgumentException">Target, workload or options are not valid; the message names all faults.</exception>
    /// <exception cref="LoadException">The server cannot be reached, or does not speak MCP.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static async Task<LoadResult> RunAsync(
        LoadTarget target, Workload workload, LoadOptions options, IProgress<LoadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var session = await LoadSession.OpenAsync(target, workload, options, cancellationToken).ConfigureAwait(false);
        await using var closing = session.ConfigureAwait(false);
        await session.WarmUpAsync(progress, cancellationToken).ConfigureAwait(false);
        return await session.MeasureAsync(workload.Stages, progress, cancellationToken).ConfigureAwait(false);
    }
}
