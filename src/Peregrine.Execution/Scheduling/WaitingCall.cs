namespace Peregrine.Execution.Scheduling;

/// <summary>A call that waits for its turn. Its answer is given once.</summary>
internal sealed class WaitingCall(CallClass callClass, object client, long giveUpAt)
{
    // The caller's code must not run on the thread of the call that made room.
    private readonly TaskCompletionSource<CallAdmission> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal CallClass Class { get; } = callClass;

    internal object ClientKey { get; } = client;

    internal long GiveUpAt { get; } = giveUpAt;

    /// <summary>Where it waits; null once it does not.</summary>
    internal ClientLine? Line { get; set; }

    internal LinkedListNode<WaitingCall>? InLine { get; set; }

    internal LinkedListNode<WaitingCall>? InClass { get; set; }

    internal Task<CallAdmission> Answered => _answer.Task;

    internal void Answer(in CallAdmission admission) => _answer.TrySetResult(admission);
}
