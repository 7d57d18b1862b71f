namespace Peregrine.Load.Driving.Audiences;

/// <summary>One subscriber: its stream, and what it heard last. State of one worker.</summary>
internal sealed class AudienceMember(Channel channel)
{
    internal Channel Channel { get; } = channel;

    /// <summary>The last call whose change it heard of.</summary>
    internal long Heard { get; set; }
}
