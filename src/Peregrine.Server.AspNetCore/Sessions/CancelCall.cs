namespace Peregrine.Server.AspNetCore.Sessions;

/// <summary>Cancels one call away from the request that asks for it: the callbacks of its token are the tool's code.</summary>
internal sealed class CancelCall(SessionCall call) : IThreadPoolWorkItem
{
    private readonly int _generation = call.Generation;

    // The call may have ended and the object may carry another one by now: that one is not meant.
    public void Execute() => call.CancelIf(_generation);
}
