namespace Peregrine.Server.Interaction;

/// <summary>
/// Ends a run of the stateless era that has to wait for its client: the run is over, and the method runs again when the answer has come. A cancellation, so that code which lets
/// cancellations pass lets this pass; one that does not loses nothing, for what was asked is remembered elsewhere.
/// </summary>
internal sealed class CallSuspendedException : OperationCanceledException
{
    internal CallSuspendedException()
        : base("The call has asked its client, and runs again from its beginning when the answer has come. Let this exception pass.")
    {
    }
}
