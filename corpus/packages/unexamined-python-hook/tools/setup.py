print("inert")
