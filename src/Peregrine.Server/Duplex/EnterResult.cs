namespace Peregrine.Server.Duplex;

internal enum EnterResult : byte
{
    Entered,
    Duplicate,
    Full,
    Closing,
}
