import time

for epoch in range(1, 11):
    print(f"epoch {epoch}: loss {1 / epoch:.3f}")
    time.sleep(1)
