using Peregrine.Client.Caching;
using Peregrine.Client.Connecting;
using Peregrine.Client.Reliability;

namespace Peregrine.Client.Pipeline;

/// <summary>Puts the steps of a client together, outermost last.</summary>
internal static class PipelineComposition
{
    internal static RequestPipeline Compose(PeregrineClientOptions options, ClientLink link)
    {
        ArgumentNullException.ThrowIfNull(options);
        RequestPipeline pipeline = new TransactionStep(new ConnectionSender(link), link);
        return options.IsPooled ? pipeline : Surround(pipeline, options);
    }

    /// <summary>What surrounds the way to one server, or to several.</summary>
    internal static RequestPipeline Surround(RequestPipeline pipeline, PeregrineClientOptions options) =>
        CacheSetup.Wrap(new ReliabilityStep(pipeline, options.Reliability, options.TimeProvider), options);
}
