using System.Runtime.InteropServices;
using Tensor = TorchSharp.torch.Tensor;

namespace Grains.Training;

/// <summary>What TorchSharp keeps inside or has no name for.</summary>
internal static unsafe partial class Native
{
    /// <summary>Where the numbers are. The caller keeps the tensor alive and knows that it is dense float32.</summary>
    public static float* Data(Tensor tensor) => (float*)THSTensor_data(tensor.Handle);

    [LibraryImport("LibTorchSharp")]
    private static partial nint THSTensor_data(nint handle);

    /// <summary>at::Context::setFlushDenormal(bool): of this thread alone. False where the processor cannot.</summary>
    [LibraryImport("torch_cpu", EntryPoint = "_ZN2at7Context16setFlushDenormalEb")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool SetFlushDenormal([MarshalAs(UnmanagedType.U1)] bool on);

    [LibraryImport("libc", EntryPoint = "gettid")]
    public static partial int ThreadId();

    [LibraryImport("libc", EntryPoint = "setpriority")]
    public static partial int SetPriority(int which, int who, int nice);
}
