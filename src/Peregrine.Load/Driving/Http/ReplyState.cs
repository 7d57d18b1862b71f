namespace Peregrine.Load.Driving.Http;

/// <summary>How far a reply has come.</summary>
internal enum ReplyState : byte
{
    Incomplete,
    Complete,
    Malformed,
}
